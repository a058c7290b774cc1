/**
 * The write-ahead log: term, vote and entries in segments of zeros made ahead of time, and what is
 * left of them after a crash. docs/formats.md has every byte.
 *
 * <p>The one idea: one call is one numbered batch and one force. Every record verifies itself and
 * names its predecessor by checksum, so that recovery can tell the last batch, torn by a crash,
 * from damage to what was forced: a record of a later batch is the proof. The first is cut, the
 * second is never touched. Writing and recovering go through the same replay.
 *
 * <p>A damaged log is repaired before it is opened, by {@link io.balsa.wal.WalRepair}: the same
 * chain proves what stood in a hole. docs/decisions/0010-repair-before-raft.md says why so.
 *
 * <p>Touches values of {@code raft} and {@code host.Disk}; no files of its own, no threads, no
 * decisions. Start reading at {@link io.balsa.wal.Wal}, then {@code Recovery}.
 */
@NullMarked
package io.balsa.wal;

import org.jspecify.annotations.NullMarked;
