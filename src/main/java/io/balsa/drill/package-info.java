/**
 * Real processes and what can be done to them: the servers of the playground, the scripted failures
 * of the drill with their measurements and reports, and the closed-loop load of the bench.
 *
 * <p>The one idea: everything is seen from outside, as an operator and a client see it: processes,
 * signals, answers, metrics. What clients saw is written down and judged by {@code check}.
 *
 * <p>Start reading at {@link io.balsa.processes.ClusterProcesses}, then {@link
 * io.balsa.drill.Drill}.
 */
@NullMarked
package io.balsa.drill;

import org.jspecify.annotations.NullMarked;
