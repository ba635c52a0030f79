package io.github.reactivesqlite.sqlite.engine.write;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.sqlite.engine.runtime.OperationSettings;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/** Asks for an interactive transaction; answered when it is open. */
final class TransactionBegin extends WriteRequest<OpenTransaction> {

  private volatile @Nullable OpenTransaction opened;

  TransactionBegin(
      CoreSubscriber<? super OpenTransaction> actual,
      WriterServices services,
      OperationSettings settings) {
    super(actual, services, settings, settings.laneOr(Lane.INTERACTIVE));
  }

  @Override
  Kind kind() {
    return Kind.TRANSACTION;
  }

  @Override
  String operation() {
    return "BEGIN";
  }

  void opened(OpenTransaction transaction) {
    opened = transaction;
    succeed(transaction);
  }

  @Override
  void onCancelWhileRunning() {
    abort();
  }

  private void abort() {
    OpenTransaction transaction = opened;
    if (transaction != null) {
      transaction.abort(OpenTransaction.Reason.CANCELLED);
    }
  }

  /** Nobody took the transaction, so nobody would end it. */
  @Override
  void onNotTaken() {
    abort();
  }
}
