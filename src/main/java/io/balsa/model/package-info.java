/**
 * The vocabulary of the replicated store: commands, ranges, comparisons, keys, leases, members,
 * alarms, and the results of all of them.
 *
 * <p>The one idea: a value of this room is what a client asked or what a replica answered. Values
 * are immutable, hold no store and no protocol, and mean the same on every server. Touches {@code
 * bytes} alone.
 *
 * <p>Start reading at {@code Command} and {@code Result}.
 */
@NullMarked
package io.balsa.model;

import org.jspecify.annotations.NullMarked;
