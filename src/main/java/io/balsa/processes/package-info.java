/**
 * Server processes on this machine: starts, stops, pauses and isolates them.
 *
 * <p>The one idea: this room acts from outside, as an operator does, with processes, signals, ports
 * and folders. It uses {@code client} to ask whether a server answers.
 *
 * <p>Start reading at {@code ClusterProcesses}.
 */
@NullMarked
package io.balsa.processes;

import org.jspecify.annotations.NullMarked;
