package io.balsa.watch;

import io.balsa.model.Changes;
import java.util.List;

/**
 * Past changes, for watchers that catch up.
 *
 * @param changes the changes of the keys asked for, in order of revision
 * @param next the first revision that was not read
 * @param large whether {@code next} is too large to be read as a whole
 * @param revision the newest revision of the store that was read
 * @param compactRevision the compact revision of the store that was read; nothing was read when it
 *     is greater than the revision asked for
 */
public record PastChanges(
    List<Changes> changes, long next, boolean large, long revision, long compactRevision) {}
