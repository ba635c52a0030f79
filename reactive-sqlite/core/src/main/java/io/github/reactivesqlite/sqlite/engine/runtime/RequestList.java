package io.github.reactivesqlite.sqlite.engine.runtime;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue that a request can leave from anywhere at once, so that cancelled ones take no room. Not
 * thread-safe: its owner guards it.
 *
 * @param <R> the type of the requests
 */
public final class RequestList<R> {

  /**
   * A request's place in a list.
   *
   * @param <R> the type of the requests
   */
  public static final class Place<R> {
    private final R request;
    private @Nullable Place<R> previous;
    private @Nullable Place<R> next;
    private boolean free = true;

    /** A place for the request, in no list yet. */
    public Place(R request) {
      this.request = request;
    }

    /** The request. */
    public R request() {
      return request;
    }

    /** Whether it is in no list. */
    public boolean isFree() {
      return free;
    }
  }

  private int size;
  private @Nullable Place<R> first;
  private @Nullable Place<R> last;

  /** How many requests wait. */
  public int size() {
    return size;
  }

  /** The first request. */
  public @Nullable R first() {
    return first == null ? null : first.request;
  }

  /** Adds at the end. */
  public void addLast(Place<R> place) {
    Place<R> end = last;
    place.previous = end;
    place.next = null;
    if (end == null) {
      first = place;
    } else {
      end.next = place;
    }
    last = place;
    place.free = false;
    size++;
  }

  /** Adds at the front. */
  public void addFirst(Place<R> place) {
    Place<R> start = first;
    place.previous = null;
    place.next = start;
    if (start == null) {
      last = place;
    } else {
      start.previous = place;
    }
    first = place;
    place.free = false;
    size++;
  }

  /** Takes a request out, wherever it stands. */
  public void remove(Place<R> place) {
    Place<R> before = place.previous;
    Place<R> after = place.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    place.previous = null;
    place.next = null;
    place.free = true;
    size--;
  }

  /** Takes out all requests that the test picks. */
  public void takeIf(Predicate<? super R> picks, List<? super R> taken) {
    Place<R> place = first;
    while (place != null) {
      Place<R> following = place.next;
      if (picks.test(place.request)) {
        remove(place);
        taken.add(place.request);
      }
      place = following;
    }
  }

  /** A visitor's sum or minimum over all requests. */
  public long fold(long start, Fold<? super R> fold) {
    long result = start;
    for (Place<R> place = first; place != null; place = place.next) {
      result = fold.apply(result, place.request);
    }
    return result;
  }

  /**
   * One step of {@link #fold}.
   *
   * @param <R> the type of the requests
   */
  @FunctionalInterface
  public interface Fold<R> {
    /** Combines what was found so far with one request. */
    long apply(long soFar, R request);
  }
}
