/** The files of a run directory: their names, what stands in them, and how they are written. */
package org.tfjavantk.cli.files;
