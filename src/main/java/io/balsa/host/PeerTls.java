package io.balsa.host;

import io.balsa.tls.ClientTls;
import io.balsa.tls.ServerTls;

/**
 * TLS of the links between servers.
 *
 * @param accepted for the links that peers open to this server
 * @param opened for the links that this server opens
 * @param demandsHosts whether a peer's certificate must name a host of the peer URLs of the member
 *     that it claims to be. Otherwise a server with a certificate of the peers' authority may claim
 *     to be any member that confirms it
 */
public record PeerTls(ServerTls accepted, ClientTls opened, boolean demandsHosts) {}
