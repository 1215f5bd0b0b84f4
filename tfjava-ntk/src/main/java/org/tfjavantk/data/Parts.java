package org.tfjavantk.data;

import java.util.List;

/**
 * What a source of files holds.
 *
 * @param shortage why there may be fewer training examples than published, e.g. the name of a
 *     missing file; empty where nothing is missing
 */
record Parts(RawPart train, RawPart test, List<String> classNames, String shortage) {}
