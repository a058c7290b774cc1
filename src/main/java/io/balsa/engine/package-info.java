/**
 * The ordered byte store under the state machine: {@link io.balsa.engine.Engine}, on RocksDB or in
 * memory. The same contract tests check both.
 *
 * <p>The one idea: a batch is atomic and in order, and durable only after a flush. The Raft log is
 * the write-ahead log, so the store needs none of its own. The writer puts the applied index into
 * the same batch. Touches {@code bytes} and RocksDB; knows neither revisions nor Raft.
 */
@NullMarked
package io.balsa.engine;

import org.jspecify.annotations.NullMarked;
