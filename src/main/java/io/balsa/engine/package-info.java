/**
 * The ordered byte store under the state machine: {@link io.balsa.engine.Engine}, on RocksDB or in
 * memory, both held by the same contract tests.
 *
 * <p>The one idea: a batch is atomic and in order, and durable only after a flush. The Raft log is
 * the write-ahead log, so the store needs none of its own; whoever writes puts the applied index
 * into the same batch. Touches {@code bytes} and RocksDB; knows neither revisions nor Raft.
 */
@NullMarked
package io.balsa.engine;

import org.jspecify.annotations.NullMarked;
