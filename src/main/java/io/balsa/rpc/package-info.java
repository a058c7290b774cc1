/**
 * gRPC as all rooms use it, servers, clients and the proxy alike: how a channel is made, how bytes
 * travel unread, how a call is cancelled, how a failure becomes text, and the metadata keys that
 * both ends of a call must spell alike.
 *
 * <p>The one idea: the two ends of a call agree because both take it from here. The room knows
 * neither servers nor keys.
 *
 * <p>Start reading at {@link io.balsa.rpc.Channels}.
 */
@NullMarked
package io.balsa.rpc;

import org.jspecify.annotations.NullMarked;
