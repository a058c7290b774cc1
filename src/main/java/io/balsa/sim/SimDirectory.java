package io.balsa.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The names in a directory as the process sees them, and as the disk has them for certain. */
final class SimDirectory implements SimNode {
  /** A name that goes, one that comes, or both at once. */
  private static final class Change {
    final long at;
    final @Nullable String gone;
    final @Nullable String come;
    final SimNode node;
    long durableAt = Long.MAX_VALUE;

    Change(long at, @Nullable String gone, @Nullable String come, SimNode node) {
      this.at = at;
      this.gone = gone;
      this.come = come;
      this.node = node;
    }
  }

  private TreeMap<String, SimNode> seen = new TreeMap<>();
  private TreeMap<String, SimNode> durable = new TreeMap<>();
  private List<Change> changes = new ArrayList<>();

  List<String> names() {
    return List.copyOf(seen.keySet());
  }

  @Nullable SimNode get(String name) {
    return seen.get(name);
  }

  void add(long at, String name, SimNode node) {
    seen.put(name, node);
    changes.add(new Change(at, null, name, node));
  }

  void remove(long at, String name) {
    SimNode node = seen.remove(name);
    if (node != null) {
      changes.add(new Change(at, name, null, node));
    }
  }

  void rename(long at, String from, String to) {
    SimNode node = seen.remove(from);
    if (node != null) {
      seen.put(to, node);
      changes.add(new Change(at, from, to, node));
    }
  }

  void force(long durableAt) {
    for (Change change : changes) {
      change.durableAt = Math.min(change.durableAt, durableAt);
    }
  }

  private void fold(long now) {
    int folded = 0;
    while (folded < changes.size() && changes.get(folded).durableAt <= now) {
      keep(changes.get(folded++));
    }
    if (folded > 0) {
      changes = new ArrayList<>(changes.subList(folded, changes.size()));
    }
  }

  private void keep(Change change) {
    if (change.gone != null && durable.get(change.gone) == change.node) {
      durable.remove(change.gone);
    }
    if (change.come != null) {
      durable.put(change.come, change.node);
    }
  }

  @Override
  public void crash(long at, Survival survival, int sectorBytes, SimDice dice) {
    fold(at);
    boolean inOrder = dice.chance(0.5);
    List<Change> made = changes.stream().filter(change -> change.at <= at).toList();
    int prefix = survival.prefix(made.size(), dice);
    for (int i = 0; i < made.size(); i++) {
      if (inOrder ? i < prefix : survival.keeps(dice)) {
        keep(made.get(i));
      }
    }
    changes = new ArrayList<>();
    durable.values().forEach(node -> node.crash(at, survival, sectorBytes, dice));
    seen = new TreeMap<>(durable);
  }

  @Override
  public SimDirectory durableCopy(long at) {
    fold(at);
    SimDirectory copy = new SimDirectory();
    durable.forEach((name, node) -> copy.durable.put(name, node.durableCopy(at)));
    copy.seen = new TreeMap<>(copy.durable);
    return copy;
  }
}
