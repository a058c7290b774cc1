/**
 * The formats of frames between peers, of commands in log entries, and of the heads of snapshots
 * and backups. docs/formats.md has every byte.
 *
 * <p>The one idea: a codec is a function from a value to bytes and back. Reading is total: it gives
 * a value or throws {@link io.balsa.wire.WireFailure}, with bounded work and memory. No IO, no
 * state.
 */
@NullMarked
package io.balsa.wire;

import org.jspecify.annotations.NullMarked;
