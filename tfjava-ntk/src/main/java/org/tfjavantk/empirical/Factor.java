package org.tfjavantk.empirical;

/** What a panel keeps of a part: its gradients, or what they are made of. */
sealed interface Factor permits Rows, Ingredients {}
