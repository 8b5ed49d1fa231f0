// One verdict on a CSV file, as a service or a CI job would ask for it: node verdict.mjs <path>
import { Check, CheckLevel, VerificationSuite, atLeast } from 'assay';
import { csv } from 'assay/node';

const result = await VerificationSuite()
  .onData(csv(process.argv[2]))
  .addCheck(
    Check(CheckLevel.Error, 'Orders')
      .hasSize((n) => n > 0)
      .isComplete('id')
      .isUnique('id')
      .hasMin('price', atLeast(0))
      .isContainedIn('shop', ['north', 'south', 'east'])
      .hasPattern('email', '^\\w+@\\w+\\.com$', atLeast(0.9)),
  )
  .run();
console.log(String(result));
if (result.status !== 'Success') process.exitCode = 1;
