/** What each kind of step does. */
package org.tfjavantk.cli.run.steps;
