/**
 * Makes certificates: authorities, what they issue, lists of what they revoked, and self-signed
 * certificates.
 *
 * <p>The one idea: everything here is a value with a PEM text; only {@link io.balsa.certs.KeyFiles}
 * touches the disk. The JDK makes the keys and the signatures. Bouncy Castle arranges the fields,
 * because the JDK has no public class for that. Start reading at {@link io.balsa.certs.Authority}.
 */
@NullMarked
package io.balsa.certs;

import org.jspecify.annotations.NullMarked;
