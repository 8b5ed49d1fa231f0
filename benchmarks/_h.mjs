import { history } from './time.mjs';
console.log(await history());
