/**
 * Recorded load on real processes, with faults, and the check of the record.
 *
 * <p>The one idea: what clients saw is written down, and the checker decides. A run that cannot be
 * decided is not a pass. Touches {@code processes}, {@code client} and {@code check}.
 *
 * <p>Start reading at {@code Verify}.
 */
@NullMarked
package io.balsa.verify;

import org.jspecify.annotations.NullMarked;
