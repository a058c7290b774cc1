package io.balsa.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes that make most legal histories illegal. */
enum Mutation {
  /** Swaps the answers of two reads that are far apart. */
  SWAP_READS {
    @Override
    void apply(List<Operation> operations, Random dice) {
      List<Integer> reads = indices(operations, KeyRequest.Get.class);
      for (int tries = 0; tries < 100 && !reads.isEmpty(); tries++) {
        int a = reads.get(dice.nextInt(reads.size()));
        int b = reads.get(dice.nextInt(reads.size()));
        Operation one = operations.get(a);
        Operation other = operations.get(b);
        boolean differ =
            one.key().equals(other.key())
                && !one.answer().equals(other.answer())
                && Math.abs(a - b) > operations.size() / 10;
        if (differ) {
          operations.set(a, one.with(other.answer(), one.returned()));
          operations.set(b, other.with(one.answer(), other.returned()));
          return;
        }
      }
    }
  },
  /** Drops a write whose value was read. */
  DROP_WRITE {
    @Override
    void apply(List<Operation> operations, Random dice) {
      List<Integer> seen = new ArrayList<>();
      for (int index : indices(operations, KeyRequest.Put.class)) {
        KeyRequest.Put put = (KeyRequest.Put) operations.get(index).request();
        boolean read =
            operations.stream()
                .anyMatch(
                    other ->
                        other.answer() instanceof Answer.Found found
                            && found.value().equals(put.value()));
        if (read) {
          seen.add(index);
        }
      }
      if (!seen.isEmpty()) {
        operations.remove((int) seen.get(dice.nextInt(seen.size())));
      }
    }
  },
  /** Repeats a successful compare-and-swap at the end. */
  DOUBLE_CAS {
    @Override
    void apply(List<Operation> operations, Random dice) {
      List<Operation> swaps =
          operations.stream()
              .filter(
                  operation ->
                      operation.answer() instanceof Answer.Swapped swapped && swapped.swapped())
              .filter(
                  operation ->
                      operation.request() instanceof KeyRequest.Cas cas && cas.expected() != null)
              .toList();
      if (!swaps.isEmpty()) {
        Operation swap = swaps.get(dice.nextInt(swaps.size()));
        long end = operations.stream().mapToLong(Operation::called).max().orElse(0);
        operations.add(
            new Operation(100, swap.key(), swap.request(), swap.answer(), end + 100, end + 101));
      }
    }
  };

  abstract void apply(List<Operation> operations, Random dice);

  History of(History history, long seed) {
    List<Operation> operations = new ArrayList<>(history.operations());
    apply(operations, new Random(seed));
    return new History(operations);
  }

  private static List<Integer> indices(
      List<Operation> operations, Class<? extends KeyRequest> kind) {
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      if (kind.isInstance(operations.get(i).request())) {
        indices.add(i);
      }
    }
    return indices;
  }
}
