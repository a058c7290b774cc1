/**
 * The write-ahead log: term, vote and entries in segments that are filled with zeros ahead of time,
 * and their recovery after a crash. docs/formats.md has every byte.
 *
 * <p>The one idea: one call is one numbered batch and one force. Every record verifies itself and
 * holds the checksum of the record before. So recovery can tell a last batch that a crash tore from
 * damage to forced batches: a record of a later batch is the proof of damage. A torn batch is cut;
 * a damaged log is not changed. Writing and recovery use the same replay.
 *
 * <p>A damaged log is repaired before it is opened, by {@link io.balsa.wal.WalRepair}: the same
 * chain proves which bytes were in a hole. docs/decisions/0010-repair-before-raft.md says why.
 *
 * <p>Touches values of {@code raft} and {@code host.Disk}; no files of its own, no threads, no
 * decisions. Start reading at {@link io.balsa.wal.Wal}, then {@code Recovery}.
 */
@NullMarked
package io.balsa.wal;

import org.jspecify.annotations.NullMarked;
