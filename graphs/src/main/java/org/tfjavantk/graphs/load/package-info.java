/**
 * Reads TensorFlow models that other programs wrote, SavedModel folders and frozen graphs, as one
 * flat graph of plain operations with named variables: {@link
 * org.tfjavantk.graphs.load.SavedModels}, {@link org.tfjavantk.graphs.load.FrozenGraphs}, {@link
 * org.tfjavantk.graphs.load.FlatModel}.
 */
package org.tfjavantk.graphs.load;
