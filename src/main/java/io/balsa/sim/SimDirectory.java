package io.balsa.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The names in a directory, as the process sees them and as they are durable. */
final class SimDirectory implements SimNode {
  /** A name removed, a name added, or both at once. */
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
  public void crash(Crash crash) {
    boolean inOrder = crash.dice().chance(0.5);
    int prefix = crash.survival().prefix(changes.size(), crash.dice());
    for (int i = 0; i < changes.size(); i++) {
      if (inOrder ? i < prefix : crash.survival().keeps(crash.dice())) {
        keep(changes.get(i));
      } else {
        crash.marks().hit(Mark.NAME_LOST);
      }
    }
    changes.clear();
    durable.values().forEach(node -> node.crash(crash));
    seen = new TreeMap<>(durable);
  }

  /** Passes all files in it and below, with their paths. */
  void files(String path, BiConsumer<String, SimFile> each) {
    for (Map.Entry<String, SimNode> entry : seen.entrySet()) {
      String name = path + entry.getKey();
      switch (entry.getValue()) {
        case SimFile file -> each.accept(name, file);
        case SimDirectory directory -> directory.files(name + "/", each);
      }
    }
  }

  @Override
  public SimDirectory durableCopy() {
    SimDirectory copy = new SimDirectory();
    durable.forEach((name, node) -> copy.durable.put(name, node.durableCopy()));
    copy.seen = new TreeMap<>(copy.durable);
    return copy;
  }
}
