/**
 * Real server processes on this machine: how they are started, found, stopped, paused and cut off
 * from each other.
 *
 * <p>The one idea: everything is done from outside, as an operator would do it: processes, signals,
 * ports, folders. Touches {@code client} to see whether a server answers.
 *
 * <p>Start reading at {@code ClusterProcesses}.
 */
@NullMarked
package io.balsa.processes;

import org.jspecify.annotations.NullMarked;
