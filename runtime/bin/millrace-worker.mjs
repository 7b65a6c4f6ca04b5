#!/usr/bin/env node
import { workerProcess } from '../dist/worker.js';

process.exit(await workerProcess(process.argv.slice(2)));
