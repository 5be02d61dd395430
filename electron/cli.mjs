#!/usr/bin/env node
/** `npm run -s cli -- <command>`: builds on first use, then runs the command line. */
import { ensureBuilt } from './build.mjs'

const serves = process.argv[2] === 'serve' && !process.argv.includes('--help')
await ensureBuilt(serves ? ['main', 'renderer'] : ['main'])
await import(new URL('../out/main/cli.js', import.meta.url).href)
