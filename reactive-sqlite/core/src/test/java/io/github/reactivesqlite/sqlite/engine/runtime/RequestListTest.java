package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.engine.runtime.RequestList.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestListTest {

  @Test
  void keepsOrderFromBothEnds() {
    RequestList<String> list = new RequestList<>();
    list.addLast(new Place<>("b"));
    list.addLast(new Place<>("c"));
    list.addFirst(new Place<>("a"));

    assertThat(contents(list)).containsExactly("a", "b", "c");
    assertThat(list.first()).isEqualTo("a");
  }

  @Test
  void placeKnowsWhetherItIsFree() {
    RequestList<String> list = new RequestList<>();
    Place<String> place = new Place<>("x");
    assertThat(place.isFree()).isTrue();
    list.addLast(place);
    assertThat(place.isFree()).isFalse();
    list.remove(place);
    assertThat(place.isFree()).isTrue();
    assertThat(list.first()).isNull();
  }

  @Test
  void foldVisitsAll() {
    RequestList<Integer> list = new RequestList<>();
    for (int i = 1; i <= 10; i++) {
      list.addLast(new Place<>(i));
    }
    assertThat(list.fold(0, (sum, i) -> sum + i)).isEqualTo(55);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20_261_120})
  void behavesLikeAPlainList(long seed) {
    Random random = new Random(seed);
    RequestList<Integer> list = new RequestList<>();
    List<Place<Integer>> model = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          Place<Integer> place = new Place<>(i);
          list.addLast(place);
          model.add(place);
        }
        case 2 -> {
          Place<Integer> place = new Place<>(i);
          list.addFirst(place);
          model.add(0, place);
        }
        case 3 -> {
          if (!model.isEmpty()) {
            list.remove(model.remove(random.nextInt(model.size())));
          }
        }
        default -> {
          int divisor = 2 + random.nextInt(20);
          List<Integer> taken = new ArrayList<>();
          list.takeIf(value -> value % divisor == 0, taken);
          List<Integer> expected = new ArrayList<>();
          model.removeIf(
              place -> {
                boolean picked = place.isFree();
                if (picked) {
                  expected.add(place.request());
                }
                return picked;
              });
          assertThat(taken).as("seed %d, step %d", seed, i).isEqualTo(expected);
        }
      }
      assertThat(list.size()).as("seed %d, step %d", seed, i).isEqualTo(model.size());
    }
    assertThat(contents(list))
        .as("seed %d", seed)
        .isEqualTo(model.stream().map(Place::request).toList());
  }

  private static <T> List<T> contents(RequestList<T> list) {
    List<T> contents = new ArrayList<>();
    list.fold(
        0,
        (n, value) -> {
          contents.add(value);
          return n + 1;
        });
    return contents;
  }
}
