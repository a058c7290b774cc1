package io.balsa.engine;

import io.balsa.bytes.Bytes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A medium that lasts as long as the object: for tests and for embedding without a disk. */
public final class MemoryMedium implements Medium {
  private final Map<String, Bytes> contents = new ConcurrentHashMap<>();

  @Override
  public void put(String path, Bytes content) {
    contents.put(path, content);
  }

  @Override
  public @Nullable Bytes get(String path) {
    return contents.get(path);
  }
}
