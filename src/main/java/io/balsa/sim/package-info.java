/**
 * The simulator: whole clusters of servers on simulated machines, in one thread, from one seed.
 *
 * <p>The one idea: {@code raft}, {@code wal}, {@code wire}, {@code kv} and {@code node} run
 * unchanged; only the interfaces of {@code host} are simulated. The simulated disk loses any
 * unforced sector. The network loses, duplicates and reorders frames. Servers die at any moment.
 * During a run, checks follow the frames and states of all servers. At the end a majority heals,
 * the cluster must agree, and every answer is checked against the committed log. A seed determines
 * a whole run: it gives the same events in every JVM.
 *
 * <ul>
 *   <li>Run: {@link io.balsa.sim.Simulation} runs one seed of a {@code Scenario} in its phases.
 *       {@link io.balsa.sim.SimOptions} are its options, and {@code SimDice} its random numbers.
 *   <li>World: {@code World} has the virtual time and all future events. {@code SimServer} is a
 *       server over all its processes; {@code SimHost}, {@code SimLane} and {@code SimClock} are
 *       the machine.
 *   <li>Disk: {@code SimDisk}, {@code SimDirectory}, {@code SimFile}, {@code SimNode} and {@code
 *       SimMedium}; {@code Crash} and {@code Survival} say what a crash leaves.
 *   <li>Network: {@code SimNetwork}, {@code SimPort}, {@code SimLink} and {@code NetworkPath}.
 *   <li>Clients: {@code Clients} with {@code RequestGenerator}, {@code Call} and {@code
 *       CallRecord}; {@code WatchClient}; {@code Leaseholders} with {@code LeaseClient}, {@code
 *       LeaseCalls}, {@code LeaseCall} and {@code LeaseCallRecord}; {@code Users} with {@code
 *       UserRequests}, {@code UserCalls}, {@code UserCall} and {@code UserCallRecord}.
 *   <li>Faults: {@code Faults} runs each {@code Fault}. {@code NetworkFaults}, {@code
 *       Interception}, {@code DiskFaults}, {@code Damage} and {@code CrashPoints} (each a {@code
 *       CrashPoint}) carry them out. {@code FaultTrigger} chooses the last one.
 *   <li>Checks during a run: {@code Wiretap} decodes all frames for {@code LogWatch}, {@code
 *       Promises}, {@code ReadWatch}, {@code SnapshotWatch} and {@code LeaderWatch}. {@code
 *       StatusWatch} reads the published states. {@code DurableLog} and {@code LogRecords} read the
 *       disks.
 *   <li>Checks at the end: {@code QuietPhase}, {@code LeaseQuietPhase} and {@code Repairs}; then
 *       {@code Witness} and {@code LeaseWitness} over {@code Replay} and {@code LeaseLives}, and
 *       {@code Histories} for the linearizability checker; {@code UserWitness} and {@code
 *       RightsWatch} over {@code PlainRights}.
 *   <li>Report: {@code Trace}; {@code Coverage} of {@code Mark}s; {@link io.balsa.sim.SimReport};
 *       {@link io.balsa.sim.Simulate} for many seeds; {@link io.balsa.sim.Shrink} for a failing
 *       one.
 * </ul>
 *
 * <p>The room uses no wall clock, no real thread, and no collection whose order differs between two
 * runs.
 *
 * <p>Start reading at {@link io.balsa.sim.Simulation}, then {@code World}.
 */
@NullMarked
package io.balsa.sim;

import org.jspecify.annotations.NullMarked;
