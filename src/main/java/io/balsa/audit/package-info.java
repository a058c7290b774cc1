/**
 * The audit trail: who did what with which keys, and with what result.
 *
 * <p>The one idea: a request never waits for the trail. A record goes into a bounded queue, and one
 * thread writes it. A record that finds no place is counted as lost, and the numbers of the records
 * show the gap.
 *
 * <p>Start reading at {@link io.balsa.audit.AuditLog}.
 */
@NullMarked
package io.balsa.audit;

import org.jspecify.annotations.NullMarked;
