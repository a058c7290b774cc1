/**
 * The values of the replicated store: commands, ranges, comparisons, keys, leases, members, alarms
 * and results.
 *
 * <p>The one idea: a value of this room is a request of a client or the answer of a replica. Values
 * are immutable and mean the same on every server. They know neither the store nor a protocol.
 * Touches {@code bytes} alone.
 *
 * <p>Start reading at {@code Command} and {@code Result}.
 */
@NullMarked
package io.balsa.model;

import org.jspecify.annotations.NullMarked;
