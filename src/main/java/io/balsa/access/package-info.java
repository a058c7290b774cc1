/**
 * The gate of the client port: who calls, and which RPCs are open to whom.
 *
 * <p>The one idea: every RPC has an entry in one table, {@link io.balsa.access.Rights}. An RPC
 * without an entry is refused. The gate finds out who calls, and refuses what the table alone can
 * decide. Requests about keys are decided later, by the room {@code auth}: a write when it is
 * applied, a read when its view is open.
 *
 * <p>Start reading at {@link io.balsa.access.AccessGate}.
 */
@NullMarked
package io.balsa.access;

import org.jspecify.annotations.NullMarked;
