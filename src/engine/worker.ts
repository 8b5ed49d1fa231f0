import { openView } from '../expression/view.js';
import { openPortable } from '../sources/open.js';
import { stateSpecs } from '../states/index.js';
import { serve } from './serve.js';

serve({ states: stateSpecs, view: openView, open: openPortable });
