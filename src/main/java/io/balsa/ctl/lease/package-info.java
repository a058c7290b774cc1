/**
 * Commands on leases, and the two that hold one while they run: lock and elect.
 *
 * <p>The one idea: a held lock or leadership is a key with a lease. When its command ends, the
 * lease is revoked; when the command dies, the lease expires.
 *
 * <p>Start reading at {@link io.balsa.ctl.lease.LeaseCommand}.
 */
@NullMarked
package io.balsa.ctl.lease;

import org.jspecify.annotations.NullMarked;
