/**
 * The machine, as seven small interfaces: {@link io.balsa.host.Disk} and {@link
 * io.balsa.host.DiskFile}, {@link io.balsa.host.Network} with its {@link io.balsa.host.Link}s,
 * {@link io.balsa.host.Clock}, {@link io.balsa.host.Dice} and {@link io.balsa.host.Lane}; and their
 * real implementations.
 *
 * <p>The one idea: these interfaces are all that the simulator replaces. Everything that decides
 * something runs unchanged over real and simulated machines. The room knows neither Raft nor keys.
 *
 * <p>Start reading at {@link io.balsa.host.Host}.
 */
@NullMarked
package io.balsa.host;

import org.jspecify.annotations.NullMarked;
