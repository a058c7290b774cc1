package io.balsa.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The names in a directory as the process sees them, and as the disk has them for certain. */
final class SimDirectory implements SimNode {
  /** A name that goes, one that comes, or both at once. */
  private record Change(@Nullable String gone, @Nullable String come, SimNode node) {}

  private TreeMap<String, SimNode> seen = new TreeMap<>();
  private final TreeMap<String, SimNode> durable = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();

  List<String> names() {
    return List.copyOf(seen.keySet());
  }

  @Nullable SimNode get(String name) {
    return seen.get(name);
  }

  void add(String name, SimNode node) {
    seen.put(name, node);
    changes.add(new Change(null, name, node));
  }

  void remove(String name) {
    SimNode node = seen.remove(name);
    if (node != null) {
      changes.add(new Change(name, null, node));
    }
  }

  void rename(String from, String to) {
    SimNode node = seen.remove(from);
    if (node != null) {
      seen.put(to, node);
      changes.add(new Change(from, to, node));
    }
  }

  void force() {
    changes.forEach(this::keep);
    changes.clear();
  }

  private void keep(Change change) {
    if (change.gone() != null && durable.get(change.gone()) == change.node()) {
      durable.remove(change.gone());
    }
    if (change.come() != null) {
      durable.put(change.come(), change.node());
    }
  }

  @Override
  public void crash(Survival survival, int sectorBytes, SimDice dice) {
    boolean inOrder = dice.chance(0.5);
    int prefix = survival.prefix(changes.size(), dice);
    for (int i = 0; i < changes.size(); i++) {
      if (inOrder ? i < prefix : survival.keeps(dice)) {
        keep(changes.get(i));
      }
    }
    changes.clear();
    durable.values().forEach(node -> node.crash(survival, sectorBytes, dice));
    seen = new TreeMap<>(durable);
  }

  @Override
  public SimDirectory durableCopy() {
    SimDirectory copy = new SimDirectory();
    durable.forEach((name, node) -> copy.durable.put(name, node.durableCopy()));
    copy.seen = new TreeMap<>(copy.durable);
    return copy;
  }
}
