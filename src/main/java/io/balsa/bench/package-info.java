/**
 * Measures requests per second and latencies, and the cost of watchers.
 *
 * <p>The one idea: the clients use etcd's protocol only, so every server that speaks it can be
 * measured. Each client of {@code Bench} waits for its answer before its next request. {@code
 * WatchBench} puts at a fixed rate.
 *
 * <p>Start reading at {@code Bench}.
 */
@NullMarked
package io.balsa.bench;

import org.jspecify.annotations.NullMarked;
