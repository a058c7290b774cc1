/**
 * TLS for every port and every connection: certificates and keys from PEM files, what is trusted,
 * and the Netty handlers that use them.
 *
 * <p>The one idea: a {@link io.balsa.tls.TlsSource} watches a set of files and always has a set
 * that fits together. Each new connection uses the newest set. Open connections are checked again
 * when the trusted authorities or the revoked certificates change. Logs nothing: a {@link
 * io.balsa.tls.TlsListener} hears what happens.
 *
 * <p>Start reading at {@link io.balsa.tls.TlsSource}.
 */
@NullMarked
package io.balsa.tls;

import org.jspecify.annotations.NullMarked;
