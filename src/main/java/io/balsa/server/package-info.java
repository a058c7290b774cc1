/**
 * A running server as a value, for programs that embed one: {@link io.balsa.server.BalsaServer}
 * starts it from {@link io.balsa.server.ServerSettings} and closes it. {@link
 * io.balsa.server.Backups} writes, checks and restores backup files.
 *
 * <p>The room starts and stops any number of servers in one JVM. It logs through {@link
 * System.Logger}, ends no process and parses no text. Error lines name the etcd flag that a setting
 * corresponds to.
 *
 * <p>Start reading at {@link io.balsa.server.BalsaServer}.
 */
@NullMarked
package io.balsa.server;

import org.jspecify.annotations.NullMarked;
