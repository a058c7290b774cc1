package io.balsa.check;

import java.util.ArrayList;
import java.util.List;

/** Brute force: tries every order and every subset of unanswered operations. */
final class Permutations {
  private Permutations() {}

  static <S> boolean anyLegal(Model<S> model, History history) {
    return anyLegal(model, model.initial(), history.operations());
  }

  private static <S> boolean anyLegal(Model<S> model, S state, List<Operation> left) {
    if (left.stream().noneMatch(Operation::isCertain)) {
      return true;
    }
    for (Operation candidate : left) {
      boolean first = left.stream().noneMatch(other -> other.returned() < candidate.called());
      S after = first ? model.step(state, candidate) : null;
      if (after != null) {
        List<Operation> rest = new ArrayList<>(left);
        rest.remove(candidate);
        if (anyLegal(model, after, rest)) {
          return true;
        }
      }
    }
    return false;
  }
}
