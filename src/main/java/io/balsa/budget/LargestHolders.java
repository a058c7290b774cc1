package io.balsa.budget;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the few holders of most bytes. Their sizes change meanwhile, so each counts with its size
 * when it was added.
 *
 * @param <T> what holds bytes
 */
final class LargestHolders<T> {
  private final List<Sized<T>> all = new ArrayList<>();

  private record Sized<T>(T one, long bytes) {}

  void add(T one, long bytes) {
    all.add(new Sized<>(one, bytes));
  }

  /** As many of the largest holders as hold at least these bytes together; none for 0 bytes. */
  List<T> upTo(long bytes) {
    all.sort(Comparator.comparingLong((Sized<T> each) -> each.bytes()).reversed());
    List<T> found = new ArrayList<>();
    long sum = 0;
    for (int i = 0; i < all.size() && sum < bytes; i++) {
      found.add(all.get(i).one());
      sum += all.get(i).bytes();
    }
    return found;
  }
}
