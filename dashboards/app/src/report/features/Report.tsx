/** Features: what people do besides looking at pages. The list, or one of them. */
import * as store from '../../state/store.ts';
import { Detail } from './Detail.tsx';
import { List } from './List.tsx';
import './features.css';

export default function Features() {
  const { feature } = store.view.value.own;
  // Another feature is another page: nothing of the one before may stay.
  return feature ? <Detail key={feature} name={feature} /> : <List />;
}
