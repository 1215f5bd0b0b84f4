/** The command {@code ntk}. */
package org.tfjavantk.cli;
