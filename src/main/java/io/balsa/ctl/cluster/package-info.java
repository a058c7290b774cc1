/**
 * Commands on the cluster and its servers: status, endpoints, members, alarms, snapshots, checks.
 * The commands of etcdctl that Balsa refuses, such as {@code user}, are here too.
 *
 * <p>The one idea: these commands read and write no keys of a user. Many of them ask each server by
 * itself and show the answers side by side.
 *
 * <p>Start reading at {@link io.balsa.ctl.cluster.StatusCommand}.
 */
@NullMarked
package io.balsa.ctl.cluster;

import org.jspecify.annotations.NullMarked;
