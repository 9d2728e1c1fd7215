import { findCards } from './shared/masking/detectors/cards.ts';
import { findPhones } from './shared/masking/detectors/phones.ts';
import { findIds } from './shared/masking/detectors/ids/index.ts';
import { findIbans } from './shared/masking/detectors/ibans.ts';
import { findSecrets } from './shared/masking/detectors/secrets.ts';
import { findAssignments, judgeTold } from './shared/masking/detectors/assignments.ts';
import { encodedIn } from './shared/masking/detectors/encoded.ts';
import { viewsOf } from './shared/masking/detectors/view.ts';
import { wordsOf } from './shared/masking/detectors/topics.ts';
const near = wordsOf('customer_id');
const f: any = { findCards, findPhones, findIds, findIbans, findSecrets, findAssignments, enc: (p:any)=>encodedIn(p.text), views:(p:any)=>viewsOf(p.text), told:(p:any)=>judgeTold(near,p.text), words:()=>wordsOf('customer_id') , base:(p:any)=>JSON.parse(JSON.stringify(p.text))};
for (const text of ['2026-11-21 10:00:00.123456','shipped','{"id": 12, "status": "open", "tags": ["a","b"], "at": "2026-11-21T10:00:00Z"}','9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']) {
 const out:any={};
 for (const [k,g] of Object.entries(f) as any) { for (let i=0;i<3000;i++) g({text,near}); let best=1e9; for(let r=0;r<5;r++){const t=process.hrtime.bigint(); for (let i=0;i<2000;i++) g({text,near}); best=Math.min(best,Number(process.hrtime.bigint()-t)/2000/1000);} out[k]=best.toFixed(2);}
 console.log(text.slice(0,20), JSON.stringify(out));
}
