package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.StorageException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteVersionTest {

  @ParameterizedTest
  @ValueSource(strings = {"3.7.0", "3.40.1", "3.51.2", "3.51", "3.52.0", "2.99.9"})
  void aVersionThatCanCorruptTheFileIsRefused(String version) {
    assertThatThrownBy(() -> SqliteVersion.parse(version).requireSafe())
        .hasMessageContaining(SqliteVersion.parse(version).toString())
        .hasMessageContaining("acceptVulnerableSqlite")
        .asInstanceOf(InstanceOfAssertFactories.type(StorageException.class))
        .extracting(StorageException::kind)
        .isEqualTo(StorageException.Kind.UNSUPPORTED_VERSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.3", "3.51.10", "3.53.0", "3.54.1", "4.0.0", "3.54.1.0"})
  void aVersionWithTheFixIsAccepted(String version) {
    assertThatCode(() -> SqliteVersion.parse(version).requireSafe()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "three", "3", "3.x"})
  void whatIsNoVersionIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> SqliteVersion.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.2", "3.9.99", "2.60.0"})
  void versionsCompareByNumberNotByText(String older) {
    assertThat(SqliteVersion.parse(older)).isLessThan(SqliteVersion.parse("3.51.10"));
  }
}
