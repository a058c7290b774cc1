package io.balsa.house.bad.raft;

import io.balsa.house.bad.host.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDB;

/** Breaks every rule of the core. Read by the fence, never run. */
public final class Offender {
  private final Thread thread = new Thread(Machine::new);
  private final ReentrantLock lock = new ReentrantLock();

  long clock() {
    return System.nanoTime() + Instant.now().getEpochSecond();
  }

  int dice(List<Integer> cards) {
    Collections.shuffle(cards);
    return ThreadLocalRandom.current().nextInt() + UUID.randomUUID().hashCode();
  }

  List<Integer> order() {
    HashMap<Integer, Integer> map = new HashMap<>();
    List<Integer> seen = new ArrayList<>(map.keySet());
    seen.addAll(Set.of(1, 2, 3));
    seen.addAll(Map.copyOf(map).values());
    return seen;
  }

  void surroundings(Path path) throws IOException {
    System.getLogger(System.getenv("NAME")).log(System.Logger.Level.INFO, Files.size(path));
  }

  String third() {
    return RocksDB.class.getName() + thread + lock;
  }
}
