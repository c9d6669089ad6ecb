import { Help } from '@oclif/core';

/** The help of the program. */
export default class SwarmHelp extends Help {}
