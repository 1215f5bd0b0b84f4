/**
 * The examples of a run: readers of the published formats, generators, subsets, preprocessing,
 * augmentation, checksums and downloads. {@link org.tfjavantk.data.Datasets#load} is the way in.
 */
package org.tfjavantk.data;
