/**
 * Closed-loop load with measurement: requests per second and latency, and what watchers cost.
 *
 * <p>The one idea: a figure comes from clients that wait for each answer, as real clients do.
 * Touches {@code client} and the HdrHistogram library.
 *
 * <p>Start reading at {@code Bench}.
 */
@NullMarked
package io.balsa.bench;

import org.jspecify.annotations.NullMarked;
