/**
 * Functional transforms of TensorFlow graphs: products of a Jacobian with vectors from either side,
 * and what is made of them. They work on any operands of a graph, not on this project's models
 * alone.
 */
package org.tfjavantk.transform;
