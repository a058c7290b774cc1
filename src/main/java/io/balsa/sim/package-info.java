/**
 * The deterministic world: whole clusters of real servers on simulated machines, in one thread,
 * from one seed.
 *
 * <p>The one idea: {@code raft}, {@code wal}, {@code wire}, {@code kv} and {@code node} run
 * unchanged; only the interfaces of {@code host} are simulated, and those are crueler than life: a
 * disk that loses any unforced sector, a network that loses, doubles and reorders, servers that die
 * at any moment. While it runs, invariants are checked on what servers send and on their states; at
 * the end everything heals, the cluster must agree, and every answer that a client got is held
 * against the committed log. A seed is a whole run: the same seed gives the same events anywhere.
 *
 * <p>Touches every room but {@code front}, {@code api}, {@code client} and {@code proxy}; never a
 * wall clock, a real thread, or a collection whose order differs between two runs.
 *
 * <p>Start reading at {@link io.balsa.sim.Simulation}, then {@code World}.
 */
@NullMarked
package io.balsa.sim;

import org.jspecify.annotations.NullMarked;
